import { Int } from '@nestjs/graphql';
import type { VisiblePage } from '../../access/guarded-reader.js';
import { Field, ObjectType } from '../decorators.js';
import { PageInfo } from './page-info.type.js';

/** A page of a list as Relay has it. `totalCount` is counted when it is read, so only when it is asked for. */
export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: Promise<number>;
}

/** Makes the types `<Name>Connection` and `<Name>Edge`. */
export function connectionOf(node: abstract new (...args: never[]) => object, name: string): new () => object {
  @ObjectType(`${name}Edge`, { description: `One item of a ${name}Connection.` })
  class Edge {
    @Field(() => String, { description: 'Its cursor: pass it as `after` to read on behind it.' })
    readonly cursor!: string;

    @Field(() => node, { description: 'The item.' })
    readonly node!: object;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}s.` })
  class NodeConnection {
    @Field(() => [Edge], { description: 'The items with their cursors.' })
    readonly edges!: readonly Edge[];

    @Field(() => [node], { description: 'The items alone.' })
    readonly nodes!: readonly object[];

    @Field(() => PageInfo, { description: 'Where the page begins and ends.' })
    readonly pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many items the whole list has. Counted only when asked for.' })
    readonly totalCount!: number;
  }
  return NodeConnection;
}

export function toConnection<View, Node>(
  page: VisiblePage<View>,
  toNode: (view: View) => Node,
  after: string | null | undefined,
  count: () => Promise<number>,
): Connection<Node> {
  const nodes = page.items.map(toNode);
  return {
    edges: nodes.map((node, index) => ({ cursor: page.cursors[index]!, node })),
    nodes,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: Boolean(after),
      startCursor: page.cursors[0] ?? null,
      endCursor: page.endCursor,
    },
    get totalCount() {
      return count();
    },
  };
}
