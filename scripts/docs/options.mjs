import ts from 'typescript';
import { table } from './generated-blocks.mjs';
import { read } from './repository.mjs';

/**
 * A table of the options that an interface declares, from its source: name, type, default and the rest of its comment.
 * Where the comments name no defaults, `constant` names the object in the same file that holds them.
 */
export function options(path, interfaceName, constant) {
  const file = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const declaration = file.statements.find((statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === interfaceName);
  if (!declaration) throw new Error(`${path} has no interface ${interfaceName}`);
  const constants = constant === undefined ? {} : constantValues(file, constant);
  return table(
    ['option', 'type', 'default', 'meaning'],
    declaration.members.map((member) => {
      const name = member.name.getText();
      const { meaning, standard } = parts(commentOf(member));
      const fallback = member.questionToken || constant !== undefined ? '' : 'required';
      return [`\`${name}\``, `\`${typeOf(member)}\``, standard ?? constants[name] ?? fallback, meaning];
    }),
  );
}

function commentOf(node) {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).slice(-1);
  return (ts.getTextOfJSDocComment(comment?.comment) ?? '').replace(/\s+/g, ' ').trim();
}

function typeOf(member) {
  const result = member.type.getText();
  const type = ts.isMethodSignature(member) ? `(${inputsOf(member)}) => ${result}` : result;
  return type.replace(/\s+/g, ' ').replace(/^(In|Out)$/, 'Schema');
}

/** What a caller gives: all parameters but the declared `this`. */
function inputsOf(method) {
  return method.parameters
    .filter(({ name }) => name.getText() !== 'this')
    .map((parameter) => parameter.getText())
    .join(', ');
}

/** Takes the sentence that begins with "Default" out of a comment. Points inside code and numbers do not end it. */
function parts(comment) {
  const found = /(?:^|\s)Default:? ((?:`[^`]*`|[^.`]|\.(?=\S))+)\.?/.exec(comment);
  if (!found) return { meaning: comment, standard: undefined };
  return { meaning: (comment.slice(0, found.index) + comment.slice(found.index + found[0].length)).trim(), standard: found[1].trim() };
}

function constantValues(file, name) {
  const values = {};
  const visit = (node) => {
    if (ts.isVariableDeclaration(node) && node.name.getText() === name) {
      for (const property of node.initializer.properties)
        values[property.name.getText()] = property.initializer.getText().replaceAll('_', ',');
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return values;
}
