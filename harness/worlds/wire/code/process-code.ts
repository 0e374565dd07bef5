import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isTypeScript, nodeCommand } from '../process/launch.ts'
import { bundle } from './bundle.ts'

/**
 * Prepares the code of processes, once for all that run it: TypeScript is compiled into a folder.
 * To compile it in each process costs four times the CPU time of a start.
 */
export class ProcessCode {
  readonly #makeFolder: () => Promise<string>
  readonly #commands = new Map<string, Promise<string[]>>()
  #folder: Promise<string> | undefined

  /** `makeFolder` is called when the first code is compiled. */
  constructor(makeFolder: () => Promise<string>) {
    this.#makeFolder = makeFolder
  }

  /** Resolves to the command that runs `program` (a file URL) on `modules`. */
  command(program: string, modules: readonly string[]): Promise<string[]> {
    const key = [program, ...modules].join('\n')
    const known = this.#commands.get(key)
    if (known) return known
    const command = this.#prepare(program, modules, `code-${this.#commands.size}`)
    this.#commands.set(key, command)
    return command
  }

  async #prepare(program: string, modules: readonly string[], name: string): Promise<string[]> {
    // A program that is compiled already loads modules that are compiled already.
    const parts = isTypeScript(program) ? [program, ...modules] : modules.filter(isTypeScript)
    if (parts.length === 0) return nodeCommand(program, modules)
    const folder = join(await this.#ensureFolder(), name)
    await mkdir(folder)
    const compiled = await bundle(parts, folder)
    if (!compiled) return nodeCommand(program, modules)
    const urlOf = (url: string) => compiled[parts.indexOf(url)] ?? url
    return nodeCommand(urlOf(program), modules.map(urlOf))
  }

  #ensureFolder(): Promise<string> {
    this.#folder ??= this.#makeFolder()
    return this.#folder
  }
}
