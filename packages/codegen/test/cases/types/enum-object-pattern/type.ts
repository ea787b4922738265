const Status = { Open: 'open', Closed: 'closed' } as const;
type Status = (typeof Status)[keyof typeof Status];
export interface Input { status: Status }
