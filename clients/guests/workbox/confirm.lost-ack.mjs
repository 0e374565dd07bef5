/**
 * Shows without tunnelproof what a lost answer does to the app: a plain server stores a message and
 * breaks the connection before it answers, once.
 *
 *     CHROMIUM=/usr/bin/chromium node workbox/confirm.lost-ack.mjs
 */
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const TYPES = { html: 'text/html', css: 'text/css', js: 'text/javascript' }

async function play(title, keepAlive) {
  const stored = []
  const server = createServer((request, response) => {
    if (!keepAlive) response.setHeader('connection', 'close')
    const { pathname } = new URL(request.url, 'http://server.test')
    if (pathname !== '/messages') {
      const file = pathname === '/' ? 'index.html' : pathname.slice(1)
      response.setHeader('content-type', TYPES[file.split('.').at(-1)] ?? 'application/json')
      response.end(readFileSync(new URL(`./built/${file}`, import.meta.url)))
    } else if (request.method === 'GET') {
      response.end(JSON.stringify(stored))
    } else {
      let body = ''
      request.on('data', (piece) => {
        body += piece
      })
      request.on('end', () => {
        stored.push(JSON.parse(body))
        if (stored.length === 1) request.socket.destroy()
        else response.writeHead(201).end(body)
      })
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const profile = mkdtempSync(join(tmpdir(), 'outside-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  })
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${server.address().port}/?me=ana`)
  await page.waitForFunction(() => navigator.serviceWorker.controller)
  await page.getByPlaceholder('Message').fill('Hello')
  await page.getByRole('button', { name: 'Send' }).click()
  // The page asks for news every 10 s.
  await page.getByText('sent ✓').first().waitFor()
  const bubbles = await page.getByText('Hello').count()
  console.log(`${title}: sent once, stored ${stored.length} times, shown ${bubbles} times`)
  if (stored.length !== 2) process.exitCode = 1
  await context.close()
  server.closeAllConnections()
  server.close()
  rmSync(profile, { recursive: true })
}

await play('each request on a connection of its own (Workbox sends it again)', false)
await play('connections are kept alive (Chromium sends it again)', true)
