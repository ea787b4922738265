import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'with space' })
export class A {
  execute() {}
}

@Workflow({ name: '../../etc' })
export class B {
  plan() {}
}

@TaskAgent({ name: '__proto__' })
export class C {
  execute() {}
}

@TaskAgent({ name: '' })
export class D {
  execute() {}
}

@TaskAgent({ name: "*/ `${1}` '\u2028" })
export class E {
  execute() {}
}
