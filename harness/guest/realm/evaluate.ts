import { platformNames } from '../globals/intrinsics.ts'
import type { Globals } from './realm.ts'

/** Code of a bundle: the body of a function that returns the exports. */
export interface BundledCode {
  readonly body: string
  /** True if the code waits at its top level: then the function returns a promise. */
  readonly isAsync: boolean
}

type Evaluate = (globals: Globals) => unknown

const AsyncFunction = (async () => {}).constructor as FunctionConstructor
const compiled = new Map<string, Evaluate>()

/** Names that are no globals, and by which code reaches Node all the same. */
const OF_MODULES = ['require', 'module', 'exports', '__filename', '__dirname']

/**
 * Evaluates code with the given globals: they are the parameters of a function around it, and what
 * the platform has besides is undefined. The code is compiled once, and evaluated each time.
 */
export function evaluate({ body, isAsync }: BundledCode, globals: Globals): unknown {
  const known = compiled.get(body)
  const run = known ?? compile(body, isAsync, globals)
  compiled.set(body, run)
  return run(globals)
}

function compile(body: string, isAsync: boolean, globals: Globals): Evaluate {
  const names = [
    ...new Set([...Object.getOwnPropertyNames(globals), ...platformNames(), ...OF_MODULES]),
  ].filter((name) => /^[A-Za-z_$][\w$]*$/.test(name) && !UNASSIGNABLE.has(name))
  const Constructor = isAsync ? AsyncFunction : Function
  const run = new Constructor(...names, body) as (...values: unknown[]) => unknown
  return (values) =>
    run.apply(
      values,
      names.map((name) => values[name]),
    )
}

/** Names that cannot be parameters, or that a parameter need not shadow. */
const UNASSIGNABLE = new Set(['undefined', 'NaN', 'Infinity', 'eval', 'arguments'])
