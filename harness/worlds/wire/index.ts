import { availableParallelism, tmpdir } from 'node:os'
import type { Effect } from '../../core/effect.ts'
import type { Setting, Stage, World } from '../../core/world.ts'
import { ProcessCode } from './code/process-code.ts'
import { preflight, type Subjects } from './preflight.ts'
import { Warden } from './process/warden.ts'
import type { ProxyServer } from './proxy/index.ts'
import { type StageResources, WireStage } from './stage.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { ThrowawayAuthority } from './tls/throwaway-authority.ts'

export interface WireOptions {
  /** The available effects, by name. Needed to count the kills of each process in a scenario. */
  readonly effects: ReadonlyMap<string, Effect>
  /**
   * Finds or starts the Toxiproxy that the links run through. Must call `onChild` with the id of
   * each process it starts, so that none outlives the harness.
   */
  openProxy(onChild: (pid: number) => void): Promise<ProxyServer>
  /** File URL of a {@link Transport} module: puts a server's handler behind HTTP. */
  readonly transport: string
  /** The clients and servers to start once before anything is played. Default: none. */
  readonly subjects?: readonly Subjects[]
  /** Parent of each scenario's folder 'tunnelproof-…'. Default: the system's temporary folder. */
  readonly tempFolder?: string
}

/**
 * Opens the world of real processes, real SQLite files, and real HTTP over TCP through Toxiproxy.
 * Rejects with what `openProxy` rejects with, and with a Problem if a subject does not start.
 */
export async function wireWorld(options: WireOptions): Promise<World> {
  const warden = new Warden()
  const proxy = await options
    .openProxy((pid) => warden.tell({ type: 'process-started', pid }))
    .catch((error: unknown) => {
      warden.dismiss()
      throw error
    })
  const { effects, transport, subjects = [], tempFolder = tmpdir() } = options
  const code = new ProcessCode(() => temporaryFolder(tempFolder, warden))
  const authority = new ThrowawayAuthority(() => temporaryFolder(tempFolder, warden))
  const resources = { proxy, warden, effects, code, authority, transport, tempFolder }
  const world = new WireWorld(resources)
  try {
    for (const each of subjects) await preflight({ ...resources, subjects: each })
    return world
  } catch (error) {
    await world.close()
    throw error
  }
}

class WireWorld implements World {
  readonly name = 'wire'
  readonly about: string
  /** Scenarios mostly wait. The costly part is to open them, which happens one after another. */
  readonly concurrency = 2 * availableParallelism()
  readonly #resources: Omit<StageResources, 'number'>
  readonly #stages = new Set<WireStage>()
  #opened = 0
  /**
   * Settles when the stages requested so far are open. They are opened one after another: starting
   * Node uses a whole core, and other scenarios are being played meanwhile.
   */
  #queue: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(resources: Omit<StageResources, 'number'>) {
    this.#resources = resources
    this.about = resources.proxy.about
  }

  async open(setting: Setting): Promise<Stage> {
    if (this.#closing) throw new Error('the world is closed')
    const stage = new WireStage(setting, { ...this.#resources, number: ++this.#opened })
    this.#stages.add(stage)
    const opening = this.#queue.then(() => stage.open())
    this.#queue = opening.catch(() => {})
    return opening
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#stages].map((stage) => stage.end(0)))
    await this.#resources.proxy.close()
    await this.#resources.code.close()
    await this.#resources.authority.close()
    this.#resources.warden.dismiss()
  }
}
