import { ts } from 'ts-morph';

import { diagnostic, type Diagnostic } from '../../diagnostics/diagnostic.js';
import { placeOf } from '../source-place.js';
import type { FoundDefinition } from './found-definition.js';
import { MakerIdentity } from './identity.js';

export interface FoundDefinitions {
  readonly definitions: readonly FoundDefinition[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Every decorated class, and every constant made by `defineAgent` and its like, in a file. */
export function findDefinitions(file: ts.SourceFile, checker: () => ts.TypeChecker): FoundDefinitions {
  const definitions: FoundDefinition[] = [];
  const diagnostics: Diagnostic[] = [];
  if (/@|\b(?:execute|executeBatch|plan)\b/.test(file.text))
    new FileSearch(file, new MakerIdentity(checker), definitions, diagnostics).run();
  return { definitions, diagnostics };
}

class FileSearch {
  constructor(
    private readonly file: ts.SourceFile,
    private readonly identity: MakerIdentity,
    private readonly definitions: FoundDefinition[],
    private readonly diagnostics: Diagnostic[],
  ) {}

  run(): void {
    ts.forEachChild(this.file, this.visit);
  }

  private readonly visit = (node: ts.Node): void => {
    if (ts.isClassLike(node)) this.visitClass(node);
    else if (ts.isVariableDeclaration(node)) this.visitConstant(node);
    ts.forEachChild(node, this.visit);
  };

  private visitClass(node: ts.ClassLikeDeclaration): void {
    for (const decorator of ts.getDecorators(node) ?? []) {
      const call = ts.isCallExpression(decorator.expression) ? decorator.expression : null;
      const maker = this.identity.of(call ? call.expression : decorator.expression);
      if (!maker) continue;
      const problem = this.problemOf(node);
      if (problem) this.diagnostics.push(problem);
      else if (ts.isClassDeclaration(node)) {
        this.definitions.push({
          ...maker,
          maker: maker.name,
          form: 'class',
          binding: node.name!.text,
          options: call?.arguments[0] ?? null,
          file: this.file,
          node,
        });
      }
    }
  }

  private problemOf(node: ts.ClassLikeDeclaration): Diagnostic | null {
    if (!node.name) return diagnostic('CLASS_WITHOUT_NAME', 'A decorated class has no name.', { place: placeOf(node) });
    if (node.parent === this.file) return null;
    return diagnostic('CLASS_NOT_TOP_LEVEL', `The class ${node.name.text} stands inside a function or block.`, {
      place: placeOf(node.name),
    });
  }

  /** Only constants of the module itself: what a function defines anew at each call has no fixed schema. */
  private visitConstant(node: ts.VariableDeclaration): void {
    const { initializer, name } = node;
    if (!initializer || !ts.isIdentifier(name) || node.parent.parent.parent !== this.file) return;
    const call = ts.isCallExpression(initializer) ? initializer : null;
    if (!call || !call.arguments.some(holdsMethod)) return;
    const maker = this.identity.of(call.expression);
    if (maker)
      this.definitions.push({
        ...maker,
        maker: maker.name,
        form: 'constant',
        binding: name.text,
        options: call.arguments[0] ?? null,
        file: this.file,
        node,
      });
  }
}

const METHODS: ReadonlySet<string> = new Set(['execute', 'executeBatch', 'plan']);

/** Whether an argument looks like the options of a definition; it spares asking the compiler about every other call. */
function holdsMethod(argument: ts.Expression): boolean {
  return (
    ts.isObjectLiteralExpression(argument) &&
    argument.properties.some(({ name }) => name !== undefined && ts.isIdentifier(name) && METHODS.has(name.text))
  );
}
