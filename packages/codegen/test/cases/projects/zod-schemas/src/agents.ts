import { TaskAgent } from '@taskloom/decorators';
import { z } from 'zod';

import { Absences, Choices, Lists, Numbers, Objects, Sharing, Texts, Transformed, Tree } from './schemas.js';

const Nothing = z.object({});

@TaskAgent({ name: 'texts', input: Texts, output: Texts })
export class TextsAgent {
  execute(input: z.output<typeof Texts>) {
    return input;
  }
}

@TaskAgent({ name: 'numbers', input: Numbers, output: Numbers })
export class NumbersAgent {
  execute(input: z.output<typeof Numbers>) {
    return input;
  }
}

@TaskAgent({ name: 'absences', input: Absences, output: Absences })
export class AbsencesAgent {
  execute(input: z.output<typeof Absences>) {
    return input;
  }
}

@TaskAgent({ name: 'lists', input: Lists, output: Lists })
export class ListsAgent {
  execute(input: z.output<typeof Lists>) {
    return input;
  }
}

@TaskAgent({ name: 'objects', input: Objects, output: Objects })
export class ObjectsAgent {
  execute(input: z.output<typeof Objects>) {
    return input;
  }
}

@TaskAgent({ name: 'choices', input: Choices, output: Choices })
export class ChoicesAgent {
  execute(input: z.output<typeof Choices>) {
    return input;
  }
}

@TaskAgent({ name: 'tree', input: Tree, output: Tree })
export class TreeAgent {
  execute(input: z.output<typeof Tree>) {
    return input;
  }
}

@TaskAgent({ name: 'sharing', input: Sharing, output: Sharing })
export class SharingAgent {
  execute(input: z.output<typeof Sharing>) {
    return input;
  }
}

@TaskAgent({ name: 'transformed', input: Transformed, output: Nothing })
export class TransformedAgent {
  execute(input: z.output<typeof Transformed>) {
    return input.yes ? {} : {};
  }
}
