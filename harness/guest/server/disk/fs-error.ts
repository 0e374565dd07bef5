import { getSystemErrorMap } from 'node:util'

const numbers = new Map(
  [...getSystemErrorMap()].map(([errno, [code, text]]) => [code, { errno, text }]),
)

/** Returns an error as Node's fs throws it: "ENOENT: no such file or directory, open '/a'". */
export function fsError(code: string, syscall: string, path?: string, dest?: string): Error {
  const { errno, text } = numbers.get(code) ?? { errno: -1, text: code }
  const where = path === undefined ? '' : ` '${path}'`
  const target = dest === undefined ? '' : ` -> '${dest}'`
  return Object.assign(new Error(`${code}: ${text}, ${syscall}${where}${target}`), {
    errno,
    code,
    syscall,
    ...(path !== undefined && { path }),
    ...(dest !== undefined && { dest }),
  })
}
