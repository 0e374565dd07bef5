import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepFile } from './keep-file.ts'
import { type ModuleCode, moduleCode } from './module-code.ts'
import { type ModuleForm, transformed } from './transform.ts'

interface Compiled {
  readonly run: ModuleCode
  readonly isModule: boolean
  readonly isAsync: boolean
}

/** The code of this process, by path: all incarnations run the same. */
const known = new Map<string, Compiled>()

/** Lists what a server needed, beside the transformed code. */
const LIST = 'needed.json'

/**
 * Compiles what another process has listed in the folder, so that a server starts quickly in this
 * one.
 */
export function compileListed(codeFolder: string): void {
  const list = join(codeFolder, LIST)
  if (!existsSync(list)) return
  for (const [form, path] of JSON.parse(readFileSync(list, 'utf8')) as [ModuleForm, string][])
    compiled(path, form, codeFolder)
}

/** Lists what this process has compiled, unless another one has done so. */
export function listCompiled(codeFolder: string): void {
  if (existsSync(join(codeFolder, LIST))) return
  const needed = [...known.keys()].map((key) => key.split(' ', 1).concat(key.replace(/^\S+ /, '')))
  keepFile(join(codeFolder, LIST), JSON.stringify(needed))
}

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
