import { browser, type ViewRow } from '../../../harness/guest/browser.ts'

declare const window: {
  chat?: { shown(): { id?: number; text: string; status: 'pending' | 'sent' }[] }
}

/** The app in Chromium. Its page can ask for news more often than every 10 s. */
export default browser(
  {
    name: 'workbox',
    title: 'a PWA with Workbox: its queue is sent by Background Sync',
    url: ({ user, timeScale }) => `/?me=${user}&speed=${timeScale}`,
    timeScale: 20,
    picture: true,
    collections: ['messages'],
    update: false,
    delete: false,
    statuses: true,
    // Chromium tries a sync event again after 5 minutes.
    recovery: 300_000,
  },
  ({ page }) => ({
    async perform(action) {
      if (action.type !== 'create') return
      await page.getByPlaceholder('Message').fill(String(action.content.text))
      await page.getByRole('button', { name: 'Send' }).click()
    },
    view: () =>
      page.evaluate(() =>
        window.chat?.shown().map(
          ({ id, text, status }): ViewRow => ({
            collection: 'messages',
            id: id === undefined ? text : String(id),
            content: { conversation: 'main', text },
            status,
          }),
        ),
      ),
  }),
)
