import { CatalogQueries } from '../resolvers/catalog.queries.js';
import { ControlMutations } from '../resolvers/control.mutations.js';
import { HumanRequestResolvers } from '../resolvers/human-request.resolvers.js';
import { JobFields } from '../resolvers/job.fields.js';
import { JobMutations } from '../resolvers/job.mutations.js';
import { JobQueries } from '../resolvers/job.queries.js';
import { JobSubscriptions } from '../resolvers/job.subscriptions.js';
import { MonitorResolvers } from '../resolvers/monitor.resolvers.js';
import { OverviewResolvers } from '../resolvers/overview.resolvers.js';
import { ScheduleResolvers } from '../resolvers/schedule.resolvers.js';
import { TaskFields } from '../resolvers/task.fields.js';
import { TaskQueries } from '../resolvers/task.queries.js';

/**
 * The classes the schema is made of. They are no Nest providers: a GraphQLModule of the application that lists no
 * modules of its own takes every resolver it finds among the providers into its schema.
 */
export const RESOLVER_CLASSES = [
  JobQueries,
  TaskQueries,
  CatalogQueries,
  JobMutations,
  ControlMutations,
  HumanRequestResolvers,
  JobFields,
  TaskFields,
  JobSubscriptions,
  ScheduleResolvers,
  OverviewResolvers,
  MonitorResolvers,
] as const;
