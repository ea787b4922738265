import { TaskloomError } from '@taskloom/core';
import { isName, NAME_RULE } from '@taskloom/core/internal';

declare const tenant: unique symbol;

/** Whose data it is. Made by {@link tenantId} only, so that no text of a request becomes one by accident. */
export type TenantId = string & { readonly [tenant]: true };

/** Marks a text that the application has checked, such as the customer of a session, as a tenant. @throws TaskloomError `ID_INVALID` */
export function tenantId(text: string): TenantId {
  if (!isName(text)) throw new TaskloomError('ID_INVALID', `That cannot be the id of a tenant: use ${NAME_RULE}.`);
  return text as TenantId;
}
