/**
 * The description of an app that runs in a real browser, with the few lines that pass a person's
 * actions to it and read what it shows. This module only describes; the harness starts the browser.
 *
 * @module
 */
import type { Page } from 'playwright-core'
import type { AboutGuest, Action, GuestClient, GuestPlace, View, ViewRow } from './guest.ts'

/** A name, the app's page, and what differs from what any guest can do. */
export interface AboutBrowserApp extends AboutGuest {
  /** The page to open, relative to the server under test: '/', or a function that returns it. */
  readonly url: string | ((place: Omit<BrowserPlace, 'page'>) => string)
  /**
   * The greatest time scale at which the app can be played. The clock of a browser is real, so
   * this is for an app whose waits can be made shorter, by the `timeScale` of its place. The
   * browser's own waits between attempts of a Background Sync are made shorter as well. Default: 1.
   */
  readonly timeScale?: number
  /** Puts a PNG of the screen into the run's folder `logs` at the end. Default: false. */
  readonly picture?: boolean
}

/** The surroundings of an app in a browser. */
export interface BrowserPlace extends GuestPlace {
  /** Playwright's page, with the app loaded. */
  readonly page: Page
  /** The app's origin, the same in each incarnation: 'http://127.0.0.1:20481'. */
  readonly server: string
  /** Scenario milliseconds per real millisecond in this run. */
  readonly timeScale: number
}

/**
 * Called once for each incarnation, when the page has been loaded. On the first start it may wait
 * until the app is installed; the scenario begins after that.
 */
export type OpenBrowserApp = (place: BrowserPlace) => GuestClient | Promise<GuestClient>

/** The default export of a device's file. */
export interface BrowserApp {
  readonly guest: 'browser'
  readonly about: AboutBrowserApp
  readonly open: OpenBrowserApp
}

/**
 * Describes an app in a browser as a client, for `--client browser:FILE`. The whole file, if the
 * app has an input field and shows each message as an element of the class `message`:
 *
 *     import { browser } from 'tunnelproof/browser'
 *
 *     const chat = { collections: ['messages'], update: false, delete: false }
 *
 *     export default browser({ name: 'chat', url: '/', ...chat }, ({ page }) => ({
 *       async perform(action) {
 *         if (action.type !== 'create') return
 *         await page.getByPlaceholder('Message').fill(String(action.content.text))
 *         await page.getByRole('button', { name: 'Send' }).click()
 *       },
 *       async view() {
 *         const texts = await page.locator('.message').allTextContents()
 *         return texts.map((text) => ({ collection: 'messages', id: text, content: { text } }))
 *       },
 *     }))
 *
 * `page` is Playwright's. To read what no locator shows, let the app expose a function, and call
 * it with `page.evaluate`.
 *
 * The app is installed before scenario time: the page is loaded over the device's link while there
 * is no fault yet, and its service worker, if it registers one, becomes active. A restart opens
 * the page again in the same profile, over whatever the network is then.
 */
export function browser(about: AboutBrowserApp, open: OpenBrowserApp): BrowserApp {
  return { guest: 'browser', about, open }
}

export type { Action, View, ViewRow }
