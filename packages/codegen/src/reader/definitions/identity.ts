import { ts } from 'ts-morph';

import { packageNameOf } from '../package-name.js';
import { importedNameOf } from './imported-name.js';

/** The functions that make a definition, by the package that exports them. */
const MAKERS = {
  TaskAgent: { package: '@taskloom/decorators', kind: 'agent' },
  PubSubAgent: { package: '@taskloom/decorators', kind: 'agent' },
  Workflow: { package: '@taskloom/decorators', kind: 'workflow' },
  defineAgent: { package: '@taskloom/core', kind: 'agent' },
  definePubSubAgent: { package: '@taskloom/core', kind: 'agent' },
  defineWorkflow: { package: '@taskloom/core', kind: 'workflow' },
} as const;

export type MakerName = keyof typeof MAKERS;

export interface Maker {
  readonly name: MakerName;
  readonly kind: 'agent' | 'workflow';
}

/** Scopes that export decorators of their own; asking the compiler about each of them would only cost time. */
const FOREIGN = /^(?:@nestjs\/|node:|typeorm$|reflect-metadata$|class-validator$|class-transformer$|rxjs)/;

/** Recognises Taskloom's decorators and functions by what they are, however they were imported or re-exported. */
export class MakerIdentity {
  constructor(private readonly checkerOf: () => ts.TypeChecker) {}

  /** What the called expression is, or `null` for everything that is not Taskloom's. */
  of(callee: ts.Expression): Maker | null {
    const imported = importedNameOf(callee);
    if (imported && isMakerName(imported.name) && MAKERS[imported.name].package === imported.module) return maker(imported.name);
    if (imported && FOREIGN.test(imported.module)) return null;
    // A bare name that was not imported is a local function, unless it is a constant that stands for a decorator.
    return this.byDeclaration(callee);
  }

  private byDeclaration(callee: ts.Expression): Maker | null {
    const checker = this.checkerOf();
    const local = checker.getSymbolAtLocation(ts.isPropertyAccessExpression(callee) ? callee.name : callee);
    if (!local) return null;
    const symbol = local.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(local) : local;
    if (!isMakerName(symbol.name)) return null;
    const declared = symbol.declarations?.some(
      (declaration) => packageNameOf(declaration.getSourceFile().fileName) === MAKERS[symbol.name as MakerName].package,
    );
    return declared ? maker(symbol.name) : null;
  }
}

function maker(name: MakerName): Maker {
  return { name, kind: MAKERS[name].kind };
}

function isMakerName(name: string): name is MakerName {
  return Object.hasOwn(MAKERS, name);
}
