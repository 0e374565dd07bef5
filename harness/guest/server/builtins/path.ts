import * as path from 'node:path'

/** Returns node:path, whose `resolve` begins at the folder of the hosted process. */
export function hostedPath(cwd: () => string) {
  const resolve = (...parts: string[]) => path.resolve(cwd(), ...parts)
  const relative = (from: string, to: string) => path.relative(resolve(from), resolve(to))
  const posix = { ...path.posix, resolve, relative }
  return { ...path, resolve, relative, posix }
}
