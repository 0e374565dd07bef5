import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { guestServer } from '../../../harness/guest/guest.ts'

interface Message {
  readonly id: number
  readonly author: string
  readonly text: string
}

/** The app's files, which `node workbox/build.js` makes. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/sw.js': ['sw.js', 'text/javascript; charset=utf-8'],
  '/manifest.webmanifest': ['manifest.webmanifest', 'application/manifest+json'],
}
const built = new URL('./built/', import.meta.url)

/** The app's server: serves its files, lists the messages, and adds each message that is posted. */
export default guestServer({ name: 'workbox-chat' }, ({ port, folder }) => {
  if (!existsSync(built)) throw new Error('the app is not built: run node workbox/build.js')
  const file = join(folder, 'messages.json')
  let messages: Message[] = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []

  const json = (response: ServerResponse, status: number, value: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))

  createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://server.test')
    const asset = FILES[pathname]
    if (request.method === 'GET' && asset) {
      const headers = { 'content-type': asset[1], 'cache-control': 'no-cache' }
      response.writeHead(200, headers).end(readFileSync(new URL(asset[0], built)))
    } else if (pathname !== '/messages') {
      response.writeHead(404).end()
    } else if (request.method === 'GET') {
      json(response, 200, messages)
    } else {
      let body = ''
      request.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      request.on('end', () => {
        const { author, text } = JSON.parse(body)
        messages = [...messages, { id: messages.length + 1, author, text }]
        writeFileSync(file, JSON.stringify(messages))
        json(response, 201, messages.at(-1))
      })
    }
  }).listen(port)

  return {
    dump: () =>
      messages.map(({ id, text }) => ({
        collection: 'messages',
        id: String(id),
        content: { conversation: 'main', text },
      })),
  }
})
