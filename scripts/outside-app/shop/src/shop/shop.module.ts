import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';

import { Approve } from './approve.agent.js';
import { CheckStock } from './check-stock.agent.js';
import { FulfilOrder } from './fulfil-order.workflow.js';
import { PriceOrder } from './price-order.agent.js';
import { Warehouse } from './warehouse.js';

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true, path: '/shop/graphql', graphiql: false }),
  ],
  providers: [Warehouse, CheckStock, PriceOrder, Approve, FulfilOrder],
})
export class ShopModule {}
