import { availableParallelism, tmpdir } from 'node:os'
import type { Effect } from '../../core/effect.ts'
import type { Setting, Stage, World } from '../../core/world.ts'
import { Warden } from './process/warden.ts'
import type { ProxyServer } from './proxy/index.ts'
import { type Ground, WireStage } from './stage.ts'

export interface WireOptions {
  /** Foretell how often a scenario kills each process. */
  readonly effects: ReadonlyMap<string, Effect>
  /**
   * Finds or starts the Toxiproxy that the links run through. It must call `onChild` with the id of each process it starts, so that none survives us.
   */
  openProxy(onChild: (pid: number) => void): Promise<ProxyServer>
  /** File URL of a module with `serve` ({@link Transport}): what puts a server's handler behind real HTTP. */
  readonly transport: string
  /** Where scenarios get their folders, 'tunnelproof-…' each. Default: the operating system's place for such. */
  readonly tempFolder?: string
}

/**
 * The world of real processes, real SQLite files, and real HTTP over TCP through Toxiproxy. Rejects with what `openProxy` rejects with.
 */
export async function wireWorld(options: WireOptions): Promise<World> {
  const warden = new Warden()
  const proxy = await options
    .openProxy((pid) => warden.tell({ type: 'process', pid }))
    .catch((error: unknown) => {
      warden.dismiss()
      throw error
    })
  const { effects, transport, tempFolder = tmpdir() } = options
  return new WireWorld(proxy, warden, { effects, transport, tempFolder })
}

class WireWorld implements World {
  readonly name = 'wire'
  readonly about: string
  /** A scenario mostly waits; what costs is bringing it up, which they do in turn. */
  readonly concurrency = 2 * availableParallelism()
  readonly #proxy: ProxyServer
  readonly #warden: Warden
  readonly #options: Pick<Ground, 'effects' | 'transport' | 'tempFolder'>
  readonly #stages = new Set<WireStage>()
  #opened = 0
  /** Stages are brought up one after the other: starting Node takes all the processor there is, and others are being played meanwhile. */
  #turn: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  constructor(
    proxy: ProxyServer,
    warden: Warden,
    options: Pick<Ground, 'effects' | 'transport' | 'tempFolder'>,
  ) {
    this.#proxy = proxy
    this.#warden = warden
    this.#options = options
    this.about = proxy.about
  }

  async open(setting: Setting): Promise<Stage> {
    if (this.#closing) throw new Error('the world is closed')
    const ground = {
      proxy: this.#proxy,
      warden: this.#warden,
      ...this.#options,
      number: ++this.#opened,
    }
    const stage = new WireStage(setting, ground)
    this.#stages.add(stage)
    const opening = this.#turn.then(() => stage.open())
    this.#turn = opening.catch(() => {})
    return opening
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#stages].map((stage) => stage.end(0)))
    await this.#proxy.close()
    this.#warden.dismiss()
  }
}
