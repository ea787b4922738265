import { Injectable } from '@nestjs/common';
import { ENTRY_PROVIDER_WATERMARK, INJECTABLE_WATERMARK } from '@nestjs/common/internal';

import { checkTarget } from './check-target.js';
import type { AnyClass } from './decorated-class.js';
import { classNameOf, decoratorMisuse } from './decorator-errors.js';
import type { DecoratorSpec } from './decorator-spec.js';

/** The decorator itself: checks what it stands on, keeps the options, makes the class injectable. */
export function applyDecorator(spec: DecoratorSpec, options: unknown): (target: AnyClass) => void {
  checkOptions(spec, options);
  // Compilers of both decorator standards, and plain JavaScript, may call this with more than the class.
  return (target: AnyClass, ...rest: unknown[]): void => {
    checkTarget(spec, target, rest);
    Reflect.defineMetadata(spec.key, options, target);
    // One that says more, such as the scope, may stand below.
    if (!Reflect.hasOwnMetadata(INJECTABLE_WATERMARK, target)) Injectable()(target);
    // NestJS makes global enhancers of transient scope for what it enters by: controllers, resolvers, agents.
    if (spec.kind === 'agent') Reflect.defineMetadata(ENTRY_PROVIDER_WATERMARK, true, target);
  };
}

function checkOptions(spec: DecoratorSpec, options: unknown): void {
  const { decorator, kind } = spec;
  if (typeof options === 'function') {
    throw decoratorMisuse(
      decorator,
      `class ${classNameOf(options)}`,
      'it is used without a call.',
      `Write ${decorator}({ name: '…' }): the ${kind} needs a name.`,
    );
  }
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    const got = options === undefined ? 'nothing' : options === null ? 'null' : Array.isArray(options) ? 'an array' : `a ${typeof options}`;
    throw decoratorMisuse(
      decorator,
      'a class',
      `it got ${got} where its options belong.`,
      `Write ${decorator}({ name: ${typeof options === 'string' ? JSON.stringify(options) : "'…'"} }).`,
    );
  }
}
