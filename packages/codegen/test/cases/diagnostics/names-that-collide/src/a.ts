import { TaskAgent, Workflow } from '@taskloom/decorators';

@TaskAgent({ name: 'count-lines' })
export class A {
  execute() {}
}

@TaskAgent({ name: 'countLines' })
export class B {
  execute() {}
}

@TaskAgent({ name: 'report' })
export class C {
  execute() {}
}

@Workflow({ name: 'report' })
export class D {
  plan() {}
}

@TaskAgent({ name: 'x1' })
export class E {
  execute() {}
}

@TaskAgent({ name: 'X1' })
export class F {
  execute() {}
}

@TaskAgent({ name: 'delete' })
export class G {
  execute() {}
}

@TaskAgent({ name: 'delete-task' })
export class H {
  execute() {}
}

@TaskAgent({ name: 'URL-parser' })
export class I {
  execute() {}
}

@TaskAgent({ name: 'urlParser' })
export class J {
  execute() {}
}
