import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isCompiled } from '../../../core/compiled-module.ts'
import { isTypeScript, nodeCommand } from '../process/launch.ts'
import type { TemporaryFolder } from '../temporary-folder.ts'
import { bundle } from './bundle.ts'

/**
 * Prepares the code of processes, once for all that run it: TypeScript is compiled into a folder.
 * To compile it in each process costs four times the CPU time of a start.
 */
export class ProcessCode {
  readonly #makeFolder: () => Promise<TemporaryFolder>
  readonly #prepared = new Map<string, Promise<Prepared>>()
  #folder: Promise<TemporaryFolder> | undefined

  /** `makeFolder` is called when the first code is compiled. */
  constructor(makeFolder: () => Promise<TemporaryFolder>) {
    this.#makeFolder = makeFolder
  }

  /**
   * Resolves to the command that runs `program` (a file URL) on `modules`. If they were compiled, a
   * last argument names the source of the first one: places in the code are relative to it.
   */
  async command(program: string, modules: readonly string[]): Promise<readonly string[]> {
    const key = [program, ...modules].join('\n')
    const prepared =
      this.#prepared.get(key) ?? this.#prepare(program, modules, `code-${this.#prepared.size}`)
    this.#prepared.set(key, prepared)
    return (await prepared).command
  }

  /**
   * Must be called if a process that runs `command` does not become ready. Returns true if its code
   * was compiled: from now on it is loaded as it is.
   */
  async giveUp(command: readonly string[]): Promise<boolean> {
    for (const [key, prepared] of this.#prepared) {
      const { command: known, asItIs } = await prepared
      if (known !== command || !asItIs) continue
      this.#prepared.set(key, Promise.resolve({ command: asItIs }))
      return true
    }
    return false
  }

  /** Removes the compiled code. */
  async close(): Promise<void> {
    // If the folder could not be made, the command that needed it has failed already.
    const folder = await this.#folder?.catch(() => undefined)
    await folder?.remove()
  }

  async #prepare(program: string, modules: readonly string[], name: string): Promise<Prepared> {
    // A program that is compiled already loads modules that are compiled already.
    const loose = modules.filter((url) => !isCompiled(url))
    const parts = isTypeScript(program) ? [program, ...loose] : loose.filter(isTypeScript)
    const asItIs = nodeCommand(program, modules)
    if (parts.length === 0) return { command: asItIs }
    this.#folder ??= this.#makeFolder()
    const folder = join((await this.#folder).path, name)
    await mkdir(folder)
    const compiled = await bundle(parts, folder)
    if (!compiled) return { command: asItIs }
    const urlOf = (url: string) => compiled[parts.indexOf(url)] ?? url
    const command = nodeCommand(urlOf(program), modules.map(urlOf))
    return { command: [...command, ...modules.slice(0, 1)], asItIs }
  }
}

interface Prepared {
  readonly command: readonly string[]
  /** The command without compiled code, if that is another one. */
  readonly asItIs?: readonly string[]
}
