import { TaskAgent, Workflow } from '@taskloom/decorators';

// @ts-expect-error no execute
@TaskAgent({ name: 'a' })
export class A {
  run() {}
}

// @ts-expect-error static
@TaskAgent({ name: 'b' })
export class B {
  static execute() {}
}

@TaskAgent({ name: 'c' })
export class C {
  readonly execute = (): void => {};
}

@TaskAgent({ name: 'd' })
export class D {
  get execute() {
    return (): void => {};
  }
}

// @ts-expect-error no plan
@Workflow({ name: 'e' })
export class E extends A {}
