import type { Realm } from '../realm/realm.ts'
import { addHandlers } from './event-target.ts'
import { PAGE } from './location.ts'

/**
 * Returns `document`, without a DOM: it only tells whether a person sees the page. While the device
 * dozes, its screen is off and the page is hidden.
 */
export function documentObject(
  realm: Realm,
  Target: typeof EventTarget,
  window: EventTarget,
  location: unknown,
) {
  const { power } = realm.ports
  const isHidden = () => power.get().dozing
  class Document extends Target {
    readonly readyState = 'complete'
    readonly title = ''
    readonly URL = PAGE
    readonly baseURI = PAGE
    readonly location = location
    readonly defaultView = window
    /** Set-Cookie has no effect, and neither has this. */
    cookie = ''
    readonly referrer = ''

    get hidden(): boolean {
      return isHidden()
    }

    get visibilityState(): 'hidden' | 'visible' {
      return isHidden() ? 'hidden' : 'visible'
    }

    /** Makes an element without behaviour: libraries make one to find out what a browser can do. */
    createElement(): object {
      return {}
    }

    hasFocus(): boolean {
      return !isHidden()
    }
  }
  addHandlers(Document.prototype, 'visibilitychange', 'freeze', 'resume')
  const document = new Document()
  let wasHidden = isHidden()
  power.onChange(() => {
    if (isHidden() === wasHidden) return
    wasHidden = isHidden()
    realm.enter(() => {
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))
      window.dispatchEvent(new Event('visibilitychange'))
      window.dispatchEvent(new Event(wasHidden ? 'blur' : 'focus'))
    })
  })
  return document
}
