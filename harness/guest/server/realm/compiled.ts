import { type ModuleCode, moduleCode } from './module-code.ts'
import { transformed } from './transform.ts'

interface Compiled {
  readonly run: ModuleCode
  readonly isModule: boolean
}

/** The code of this process, by path: all incarnations run the same. */
const known = new Map<string, Compiled>()

/** Returns the compiled code of a file. */
export function compiled(path: string, codeFolder: string | undefined): Compiled {
  const before = known.get(path)
  if (before) return before
  const { code, isModule } = transformed(path, codeFolder)
  const made = { run: moduleCode(path, code), isModule }
  known.set(path, made)
  return made
}

/** Returns the files whose code this process has compiled. */
export const compiledFiles = (): string[] => [...known.keys()]
