import type { Page } from 'playwright-core'
import type { EventBody } from '../../../core/event.ts'
import { messageOf } from '../../../core/problem.ts'
import type { BrowserApp, BrowserPlace } from '../../../guest/browser.ts'
import type { GuestClient } from '../../../guest/guest.ts'
import { ConsoleLog } from '../../host/console-log.ts'
import type { Playwright } from './find.ts'
import { launchChromium } from './launch.ts'
import { SyncEvents } from './sync-events.ts'
import { type NetworkState, Targets } from './targets.ts'

/** In real milliseconds: for a page to load, and for each wait of Playwright in a device's file. */
const PAGE_TIMEOUT_MS = 15_000
/** In real milliseconds: a page that asks its server all the time never has an idle network. */
const IDLE_TIMEOUT_MS = 5000
/** In CSS pixels: a phone's screen. */
const SCREEN = { width: 390, height: 844 }

export interface BrowserPageOptions {
  readonly app: BrowserApp
  readonly playwright: Playwright
  readonly executable: string
  readonly profile: string
  /** The folder for temporary files. */
  readonly temporary: string
  readonly network: NetworkState
  readonly place: Omit<BrowserPlace, 'page'>
  readonly emit: (event: EventBody) => void
  /** Receives each console line in full. */
  readonly log: (text: string) => void
  /** Called when the page or the browser has crashed. */
  readonly onCrash: (message: string) => void
}

interface BrowserParts {
  readonly targets: Targets
  readonly syncEvents: SyncEvents
}

/** The browser and the page of one incarnation of an app. */
export class BrowserPage {
  readonly page: Page
  readonly #options: BrowserPageOptions
  readonly #parts: BrowserParts

  private constructor(page: Page, parts: BrowserParts, options: BrowserPageOptions) {
    this.page = page
    this.#parts = parts
    this.#options = options
  }

  /** Starts the browser. Its page is still empty. */
  static async launch(options: BrowserPageOptions): Promise<BrowserPage> {
    const { executable, profile, temporary, network, place, playwright, emit, log, onCrash } =
      options
    const console = new ConsoleLog(emit, log)
    const { pipe, endpoint, exited } = await launchChromium({
      executable,
      profile,
      temporary,
      timeScale: place.timeScale,
    })
    const syncEvents = new SyncEvents(pipe, network.online)
    const targets = new Targets(pipe, {
      network,
      onPage: (session) => syncEvents.observe(session),
      onConsole: (level, text) => console.print(level, [text]),
      onError: (message) => emit({ type: 'error', message }),
    })
    pipe.listen((event) => {
      targets.onEvent(event)
      syncEvents.onEvent(event)
    })
    await targets.attach()
    void exited.then((exit) => onCrash(`the browser has exited: ${exit}`))
    const connected = await playwright.chromium.connectOverCDP(endpoint, {
      artifactsDir: temporary,
    })
    const [context] = connected.contexts()
    const page = context?.pages()[0] ?? (await context?.newPage())
    if (!page) throw new Error('the browser has no page')
    page.setDefaultTimeout(PAGE_TIMEOUT_MS)
    page.on('crash', () => onCrash('the page has crashed'))
    await page.setViewportSize(SCREEN)
    return new BrowserPage(page, { targets, syncEvents }, options)
  }

  async setNetwork(network: NetworkState): Promise<void> {
    const { targets, syncEvents } = this.#parts
    syncEvents.setOnline(network.online)
    await targets.setNetwork(network)
  }

  /** Loads the app's page. Rejects with the reason if the page does not open. */
  async load(): Promise<GuestClient> {
    await this.#goto('domcontentloaded')
    return this.#open()
  }

  /**
   * Loads the app's page for the first time, and waits until the app is installed: the network is
   * idle, and a service worker that the page has registered is active.
   */
  async install(): Promise<GuestClient> {
    await this.#goto('load')
    await this.page
      .waitForLoadState('networkidle', { timeout: IDLE_TIMEOUT_MS })
      .catch(() => undefined)
    await this.page.waitForFunction(isActive)
    return this.#open()
  }

  async #goto(waitUntil: 'load' | 'domcontentloaded'): Promise<void> {
    const { app, place } = this.#options
    const { url } = app.about
    const path = typeof url === 'string' ? url : url(place)
    const response = await this.page
      .goto(new URL(path, place.server).href, { waitUntil })
      .catch((cause: unknown) => {
        throw new Error(`the page ${path} does not open: ${reasonOf(cause)}`)
      })
    if (response && !response.ok())
      throw new Error(`the page ${path} does not open: status ${response.status()}`)
  }

  async #open(): Promise<GuestClient> {
    const { app, place } = this.#options
    return app.open({ ...place, page: this.page })
  }
}

/** Runs in the page: true if each service worker that it has registered is active. */
const isActive = `(async () => {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? []
  return registrations.every(({ active }) => active?.state === 'activated')
})()`

/** Playwright adds the calls that led to an error, in further lines. */
const reasonOf = (cause: unknown) =>
  (messageOf(cause).split('\n')[0] ?? '').replace(/^page\.\w+: /, '')
