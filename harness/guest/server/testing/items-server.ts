import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { guestServer } from '../../../guest/guest.ts'

interface Item {
  readonly key: string
  readonly record: string
  readonly text: string
}

/** A server of plain Node code that the tiny client can talk to. Keeps its items in a file. */
export default guestServer({ name: 'items', title: 'items in a file' }, ({ port, folder }) => {
  const file = join(folder, 'items.jsonl')
  const items: Item[] = existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : []
  createServer((request, response) => {
    let body = ''
    request.on('data', (part) => {
      body += part
    })
    request.on('end', () => {
      if (request.method === 'GET') return response.end('{}')
      const item = JSON.parse(body) as Item
      if (item.text.startsWith('break')) throw new Error('break, as asked')
      if (!items.some(({ key }) => key === item.key)) {
        items.push(item)
        appendFileSync(file, `${JSON.stringify(item)}\n`)
      }
      setTimeout(() => response.writeHead(201).end('{}'), 20)
    })
  }).listen(port)
  return {
    dump: () =>
      items.map(({ record, text }) => ({
        collection: 'messages',
        id: record,
        content: { conversation: 'main', text },
      })),
  }
})
