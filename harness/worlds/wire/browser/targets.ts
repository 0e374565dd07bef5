import type { LogLevel } from '../../host/console-log.ts'
import type { DevToolsEvent, DevToolsPipe } from './pipe.ts'
import { consoleLevel, exceptionText, remoteText } from './remote-objects.ts'

/** The network as the operating system reports it. */
export interface NetworkState {
  readonly online: boolean
  readonly metered: boolean
}

export interface TargetsOptions {
  readonly network: NetworkState
  /** Called with the session of each page. */
  onPage(sessionId: string): void
  /** Receives the console output of pages and workers. */
  onConsole(level: LogLevel, text: string): void
  /** Receives each exception and promise rejection that a page or worker did not handle. */
  onError(message: string): void
}

/** The kinds of targets that run an app's code. */
const OF_APP: ReadonlySet<string> = new Set(['page', 'iframe', 'service_worker', 'shared_worker'])

/**
 * The pages and service workers of a browser. Each gets the state of the network: while a device is
 * offline, its requests fail at once, `navigator.onLine` is false, and Chromium holds back its
 * `sync` events.
 */
export class Targets {
  readonly #pipe: DevToolsPipe
  readonly #options: TargetsOptions
  readonly #sessions = new Set<string>()
  #network: NetworkState

  constructor(pipe: DevToolsPipe, options: TargetsOptions) {
    this.#pipe = pipe
    this.#options = options
    this.#network = options.network
  }

  /** Attaches to what runs already, and to all that will. */
  async attach(): Promise<void> {
    await this.#pipe.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: true,
      flatten: true,
    })
  }

  /** Resolves when all pages and workers have the state. */
  async setNetwork(network: NetworkState): Promise<void> {
    this.#network = network
    await Promise.all([...this.#sessions].map((session) => this.#applyNetwork(session)))
  }

  onEvent({ method, params, sessionId = '' }: DevToolsEvent): void {
    switch (method) {
      case 'Target.attachedToTarget':
        this.#onAttached(params as unknown as Attached)
        break
      case 'Target.detachedFromTarget':
        this.#sessions.delete(String(params.sessionId))
        break
      case 'Runtime.executionContextCreated':
        // Another process may run the page now, which does not know the state yet.
        if (this.#sessions.has(sessionId)) void this.#applyNetwork(sessionId)
        break
      case 'Runtime.consoleAPICalled':
        if (this.#sessions.has(sessionId))
          this.#options.onConsole(consoleLevel(params.type), remoteText(params.args))
        break
      case 'Runtime.exceptionThrown':
        if (this.#sessions.has(sessionId)) this.#options.onError(exceptionText(params))
    }
  }

  #onAttached({ sessionId, targetInfo }: Attached): void {
    if (OF_APP.has(targetInfo.type)) {
      this.#sessions.add(sessionId)
      if (targetInfo.type === 'page') this.#options.onPage(sessionId)
      // The commands are carried out in order, and a worker that waits may not answer them yet.
      this.#send('Network.enable', {}, sessionId)
      void this.#applyNetwork(sessionId)
      this.#send('Runtime.enable', {}, sessionId)
    }
    this.#send('Runtime.runIfWaitingForDebugger', {}, sessionId)
  }

  async #applyNetwork(sessionId: string): Promise<void> {
    const { online, metered } = this.#network
    const conditions = {
      offline: !online,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: -1,
      connectionType: metered ? 'cellular4g' : 'wifi',
    }
    await this.#pipe
      .send('Network.emulateNetworkConditions', conditions, sessionId)
      .catch(ignoreClosed)
  }

  #send(method: string, params: object, sessionId: string): void {
    this.#pipe.send(method, params, sessionId).catch(ignoreClosed)
  }
}

/** A target may close, or lack a domain, when a command reaches it. */
const ignoreClosed = () => {}

interface Attached {
  readonly sessionId: string
  readonly targetInfo: { readonly type: string }
}
