// A bare walk with ts-morph: opens the project, asks for the types of every `execute` and of all that is in them.
import { Project, ts } from 'ts-morph';

const project = new Project({ tsConfigFilePath: process.argv[2] });
const program = project.getProgram().compilerObject;
const checker = program.getTypeChecker();
const seen = new Set();
let types = 0;

function walk(type, depth) {
  if (depth > 20 || seen.has(type)) return;
  seen.add(type);
  types += 1;
  for (const part of type.types ?? []) walk(part, depth + 1);
  for (const argument of type.aliasTypeArguments ?? []) walk(argument, depth + 1);
  if (type.flags & ts.TypeFlags.Object) {
    for (const argument of checker.getTypeArguments(type)) walk(argument, depth + 1);
    if (checker.isArrayType(type)) return;
    for (const property of checker.getPropertiesOfType(type)) walk(checker.getTypeOfSymbol(property), depth + 1);
  }
}

for (const file of project.getSourceFiles()) {
  for (const declaration of file.getClasses()) {
    const node = declaration.getMethod('execute')?.compilerNode;
    const signature = node && checker.getSignatureFromDeclaration(node);
    if (!signature) continue;
    const [input] = signature.getParameters();
    if (input) walk(checker.getTypeOfSymbolAtLocation(input, node), 0);
    walk(checker.getReturnTypeOfSignature(signature), 0);
  }
}
process.stderr.write(`${types} types\n`);
