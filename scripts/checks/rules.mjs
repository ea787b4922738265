import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { confinedPackages, packageOrder, pureRooms, roomOrder } from './orders.mjs';

// Each rule takes a source file and yields `{ line, rule, message }` for what breaks it.

/** A package imports only the packages to its left, and never by a path into their folders. */
export function* packagesInOrder(file) {
  const own = packageOrder[file.folder];
  const mayImport = [...own.mayImport, ...((file.isTest && own.testsMayImport) || [])];
  for (const { specifier, line } of file.imports) {
    const target = resolveRelative(file, specifier);
    if (target !== undefined && !target.startsWith(`${file.folder}/`)) {
      yield { line, rule: 'package-order', message: `'${specifier}' leaves the package: import it by its name` };
    }
    const found = Object.entries(packageOrder).find(([, { name }]) => name === packageName(specifier));
    if (!found) continue;
    const [folder, { name }] = found;
    if (folder === file.folder && !file.isTest) {
      yield { line, rule: 'package-order', message: `${name} imports itself by name: use a relative path` };
    } else if (folder !== file.folder && !mayImport.includes(folder)) {
      const allowed = mayImport.map((each) => packageOrder[each].name).join(', ') || 'none of its siblings';
      yield { line, rule: 'package-order', message: `${own.name} may not import ${name}; it may import ${allowed}` };
    }
  }
}

/** Within a package, a room imports only rooms before it. */
export function* roomsInOrder(file) {
  const order = roomOrder[file.folder];
  if (!order || file.isTest) return;
  const room = roomOf(file.path, file.folder);
  if (order.entries.includes(room)) return;
  const own = levelOf(order, room);
  if (own === -1) {
    yield { line: 1, rule: 'room-order', message: `'${room}' is no room of ${file.folder}: name it in scripts/checks/orders.mjs` };
    return;
  }
  for (const { specifier, line } of file.imports) {
    const target = resolveRelative(file, specifier);
    if (!target?.startsWith(`${file.folder}/src/`)) continue;
    const targetRoom = roomOf(target, file.folder);
    if (targetRoom === room) continue;
    const level = order.entries.includes(targetRoom) ? Infinity : levelOf(order, targetRoom);
    if (level < own) continue;
    const relation = level === own ? 'is a sibling of' : 'comes after';
    yield { line, rule: 'room-order', message: `${room} may not import ${targetRoom} ('${specifier}'), which ${relation} it` };
  }
}

/** Some packages are known in one folder only. */
export function* packagesConfined(file) {
  if (file.isTest) return;
  for (const { specifier, line } of file.imports) {
    const rule = confinedPackages.find(({ packages }) => packages.includes(packageName(specifier)));
    if (rule && !file.path.startsWith(`${rule.onlyIn}/`)) {
      yield { line, rule: 'confined-package', message: `'${specifier}' may be imported in ${rule.onlyIn} only` };
    }
  }
}

/** Pure rooms ask neither the clock nor the dice. */
export function* pureRoomsPure(file) {
  const isPure = pureRooms.folders.some((folder) => file.path.startsWith(`${folder}/`));
  if (!isPure || file.isTest || pureRooms.except.includes(file.path)) return;
  for (const { name, line } of file.calls) {
    if (!pureRooms.forbiddenCalls.includes(name)) continue;
    yield { line, rule: 'pure-room', message: `${name}() in a pure room: take the time or the random value as an argument` };
  }
}

/**
 * What is imported is declared: by the package itself, and for tests also among development dependencies, its own or the root's.
 * Without this, a package could live on what the root or a neighbour happens to have installed.
 */
export function* dependenciesDeclared(file, { manifest, rootManifest }) {
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const declared = { ...dependencies, ...optionalDependencies, ...peerDependencies };
  if (file.isTest) Object.assign(declared, manifest.devDependencies, rootManifest.devDependencies, { [manifest.name]: '' });
  for (const { specifier, line } of file.imports) {
    const name = packageName(specifier);
    if (name === undefined || name in declared || name === manifest.name) continue;
    yield { line, rule: 'undeclared-dependency', message: `'${name}' is not among the dependencies of ${manifest.name}` };
  }
}

function levelOf(order, room) {
  return order.rooms.findIndex((siblings) => siblings.includes(room));
}

/** `packages/core/src/store/x.ts` → `store`; a file directly under `src` is a room by its name, an entry keeps its ending. */
function roomOf(path, folder) {
  const [first, ...rest] = path.slice(`${folder}/src/`.length).split('/');
  if (rest.length > 0) return first;
  const name = first.replace(/\.js$/, '.ts');
  return roomOrder[folder].entries.includes(name) ? name : name.replace(/\.ts$/, '');
}

function resolveRelative(file, specifier) {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file.path), specifier) : undefined;
}

/** `@scope/name/part` → `@scope/name`; nothing for relative paths and for modules of Node. */
function packageName(specifier) {
  if (specifier.startsWith('.') || isBuiltin(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
