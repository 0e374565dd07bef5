import * as fs from 'node:fs'
import { type Later, laterCall } from '../builtins/later.ts'
import { bytesOf } from './arguments.ts'
import type { Print } from './open-files.ts'

type Work = (...args: unknown[]) => unknown

/**
 * Returns node:fs with the real files, for a server on the wire. Only stdout and stderr are not the
 * machine's: the process speaks to the harness on them.
 */
export function machineFs(print: Print, later: Later): typeof fs {
  const all = fs as unknown as Record<string, Work>
  const isPrinted = (fd: unknown): fd is 1 | 2 => fd === 1 || fd === 2
  const write = (fd: 1 | 2, data: unknown, args: readonly unknown[]): number => {
    const bytes = bytesOf(data)
    const [offset, length] = typeof data === 'string' ? [] : args
    const from = typeof offset === 'number' ? offset : 0
    const part = bytes.subarray(from, typeof length === 'number' ? from + length : undefined)
    print(fd, part)
    return part.length
  }
  const writeAll = (fd: 1 | 2, data: unknown): number =>
    (data as readonly unknown[]).reduce<number>((sum, part) => sum + write(fd, part, []), 0)
  const atOnce = (name: string, work: (fd: 1 | 2, data: unknown, args: unknown[]) => unknown) => {
    const real = all[name] as Work
    return (fd: unknown, data: unknown, ...args: unknown[]) =>
      isPrinted(fd) ? work(fd, data, args) : real(fd, data, ...args)
  }
  const withCallback = (
    name: string,
    work: (fd: 1 | 2, data: unknown, args: unknown[]) => unknown,
  ) => {
    const real = all[name] as Work
    return (fd: unknown, data: unknown, ...args: unknown[]) =>
      isPrinted(fd)
        ? laterCall(args.at(-1), later, [null, work(fd, data, args), data])
        : real(fd, data, ...args)
  }
  const printed = {
    write: withCallback('write', write),
    writeSync: atOnce('writeSync', write),
    writev: withCallback('writev', writeAll),
    writevSync: atOnce('writevSync', writeAll),
    writeFile: withCallback('writeFile', write),
    writeFileSync: atOnce('writeFileSync', write),
    appendFile: withCallback('appendFile', write),
    appendFileSync: atOnce('appendFileSync', write),
  }
  return { ...fs, ...printed } as unknown as typeof fs
}
