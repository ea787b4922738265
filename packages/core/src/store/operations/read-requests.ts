import type { SelectQueryBuilder } from 'typeorm';

import { parseRequestId } from '../../kernel/ids.js';
import type { HumanRequestFilter, HumanRequestView, Page, PageRequest } from '../../model/views.js';
import { requestStatuses, toRequestView, type RequestViewRow } from '../codec/request-codec.js';
import type { Database } from '../sql/database.js';
import { TABLES } from '../tables/table-names.js';
import { checkPage, decodeCursor, encodeCursor, toPage } from './page.js';

const COLUMNS = 'r.*, j.id AS job_id, s.key AS task_key, e.actor AS actor, COALESCE(e.body, p.data) AS answer';

/** Questions to people, for the API. Lists are short and not on any hot path: they are composed with the query builder. */
export class RequestReader {
  constructor(private readonly database: Database) {}

  async request(id: string): Promise<HumanRequestView | null> {
    const address = parseRequestId(id);
    if (!address) return null;
    const where = { jobId: this.database.dialect.param(address.jobId), no: address.request };
    const [found] = await this.database.list<RequestViewRow>((query) => fromRequests(query).where('j.id = :jobId AND r.no = :no', where));
    return found ? toRequestView(found) : null;
  }

  async requests(filter: HumanRequestFilter, page: PageRequest): Promise<Page<HumanRequestView>> {
    checkPage(page);
    const { dialect } = this.database;
    const after = page.after === undefined ? null : placeOf(page.after);
    const found = await this.database.list<RequestViewRow>((query) => {
      fromRequests(query)
        .orderBy('r.job_no', 'DESC')
        .addOrderBy('r.no', 'ASC')
        .limit(page.first + 1);
      if (filter.tenant !== undefined) query.andWhere('j.tenant = :tenant', { tenant: dialect.param(filter.tenant) });
      if (filter.jobId !== undefined) query.andWhere('j.id = :jobId', { jobId: dialect.param(filter.jobId) });
      if (filter.assignee !== undefined) query.andWhere('r.assignee = :assignee', { assignee: dialect.param(filter.assignee) });
      if (filter.status)
        query.andWhere('r.status IN (:...status)', { status: [-1, ...filter.status.map((status) => requestStatuses.toIndex(status))] });
      if (after === null) return query;
      const [jobNo, no] = after;
      return query.andWhere('(r.job_no < :jobNo OR (r.job_no = :jobNo AND r.no > CAST(:no AS bigint)))', { jobNo, no });
    });
    return toPage(found, page.first, toRequestView, (row) => encodeCursor('request', [row.job_no, row.no]));
  }
}

/** The number of the job in whose questions a cursor stands. @throws TaskloomError `CURSOR_INVALID` */
export function jobOfRequestCursor(cursor: string): number {
  return placeOf(cursor)[0];
}

function placeOf(cursor: string): [jobNo: number, no: number] {
  return decodeCursor('request', cursor, 2) as [number, number];
}

function fromRequests(query: SelectQueryBuilder<object>): SelectQueryBuilder<object> {
  return query
    .select(COLUMNS)
    .from(TABLES.request, 'r')
    .innerJoin(TABLES.job, 'j', 'j.no = r.job_no')
    .innerJoin(TABLES.taskSpec, 's', 's.job_no = r.job_no AND s.no = r.task')
    .leftJoin(TABLES.event, 'e', 'e.job_no = r.job_no AND e.seq = r.closed_seq')
    .leftJoin(TABLES.payload, 'p', 'p.job_no = r.job_no AND p.kind = 0 AND p.n = r.closed_seq');
}
