import type { ApiCaller } from './api-caller.js';
import { tenantId, type TenantId } from './tenant-id.js';

// A tenant is made by `tenantId` alone; wherever a text is wanted it is one.
const made: TenantId = tenantId('acme');
const text: string = made;

export const caller: ApiCaller = { name: 'ada', tenant: made };

// @ts-expect-error: a text of a request becomes no tenant by accident
export const written: TenantId = 'acme';
// @ts-expect-error: nor does one that was checked some other way
export const copied: ApiCaller = { name: 'ada', tenant: text };
// @ts-expect-error: nor does one from a header
export const fromHeader = (header: string): ApiCaller => ({ tenant: header });
// @ts-expect-error: a brand of the application's own is none of Taskloom's
export const branded: TenantId = 'acme' as string & { readonly tenant: true };
// @ts-expect-error: nothing else is taken for the text either
tenantId(5);
