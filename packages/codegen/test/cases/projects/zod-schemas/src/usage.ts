/* Checked by the compiler only: the generated types let through what the schemas let through, and nothing else. */
import type { z } from 'zod';

import type * as Generated from './generated/taskloom.generated.js';
import type * as Schemas from './schemas.js';

/** Whether each fits where the other is wanted; lists may be read-only where they are given. */
type Alike<Ours, Theirs> = [Ours] extends [DeepReadonly<Theirs>] ? ([Theirs] extends [Ours] ? true : 'ours is narrower') : 'ours is wider';
type DeepReadonly<Value> = Value extends object ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> } : Value;
const alike = <Ours, Theirs>(_areAlike: Alike<Ours, Theirs>): void => {};

// A template is a pattern in JSON Schema, and no type.
alike<Omit<Generated.TextsInput, 'template'>, Omit<z.input<typeof Schemas.Texts>, 'template'>>(true);
alike<Generated.NumbersInput, z.input<typeof Schemas.Numbers>>(true);
alike<Generated.ListsInput, z.input<typeof Schemas.Lists>>(true);
// What may be absent may be given as undefined by callers, which zod's own type refuses here.
alike<Omit<Generated.ObjectsInput, 'partlyKeyed'>, Omit<z.input<typeof Schemas.Objects>, 'partlyKeyed'>>(true);
alike<Generated.ObjectsOutput['partlyKeyed'], z.output<typeof Schemas.Objects>['partlyKeyed']>(true);
alike<Generated.ChoicesInput, z.input<typeof Schemas.Choices>>(true);
alike<Generated.TreeInput, z.input<typeof Schemas.Tree>>(true);
alike<Generated.SharingInput, z.input<typeof Schemas.Sharing>>(true);
alike<Generated.TransformedInput, z.input<typeof Schemas.Transformed>>(true);

alike<Generated.NumbersOutput, z.output<typeof Schemas.Numbers>>(true);
alike<Generated.ListsOutput, z.output<typeof Schemas.Lists>>(true);
alike<Generated.ChoicesOutput, z.output<typeof Schemas.Choices>>(true);
alike<Generated.ObjectsOutput['keyed'], z.output<typeof Schemas.Objects>['keyed']>(true);
