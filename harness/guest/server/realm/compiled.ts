import { type ModuleCode, moduleCode } from './module-code.ts'
import { type ModuleForm, transformed } from './transform.ts'

interface Compiled {
  readonly run: ModuleCode
  readonly isModule: boolean
  readonly isAsync: boolean
}

/** The code of this process, by path: all incarnations run the same. */
const known = new Map<string, Compiled>()

/** Returns the compiled code of a file. */
export function compiled(path: string, form: ModuleForm, codeFolder: string | undefined): Compiled {
  const key = `${form} ${path}`
  const before = known.get(key)
  if (before) return before
  const { code, isModule, isAsync } = transformed(path, form, codeFolder)
  const made = { run: moduleCode(path, code, { isAsync }), isModule, isAsync }
  known.set(key, made)
  return made
}
