import { connectionOf } from './connection.js';
import { Job } from './job.type.js';

export const JobConnection = connectionOf(Job, 'Job');
