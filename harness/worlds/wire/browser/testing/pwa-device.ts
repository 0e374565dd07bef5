import { browser } from '../../../../guest/browser.ts'

/** The app in pwa/, driven by locators. Some texts of a message ask for trouble. */
export default browser(
  {
    name: 'pwa',
    url: ({ timeScale }) => `/?speed=${timeScale}`,
    timeScale: 20,
    collections: ['messages'],
    update: false,
    delete: false,
    recovery: 20_000,
    durable: true,
    picture: true,
  },
  ({ page }) => ({
    async perform(action) {
      if (action.type !== 'create') return undefined
      const text = String(action.content.text)
      if (text.startsWith('Throw'))
        await page.evaluate(`setTimeout(() => { throw new Error('as asked') })`)
      if (text.startsWith('Reject')) await page.evaluate(`void Promise.reject(new Error('later'))`)
      if (text.startsWith('Crash')) {
        const session = await page.context().newCDPSession(page)
        await session.send('Page.crash')
      }
      await page.getByPlaceholder('Message').fill(text)
      await page.getByPlaceholder('Message').press('Enter')
      return page.locator('li', { hasText: text }).first().waitFor()
    },
    async view() {
      const rows = await page
        .locator('li')
        .evaluateAll((items) => items.map(({ id, textContent }) => ({ id, text: textContent })))
      return rows.map(({ id, text }) => ({
        collection: 'messages',
        id,
        content: { conversation: 'main', text },
      }))
    },
  }),
)
