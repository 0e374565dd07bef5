import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Writes files of a server into a new folder. Returns the path of the first one. */
export function serverFile(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tunnelproof-test-server-'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  for (const [name, code] of Object.entries(files)) writeFileSync(join(folder, name), code)
  return join(folder, Object.keys(files)[0] as string)
}

/** Writes a server with these lines around its handler. Its dump is what `rows` holds. */
export function guestFile(code: string): string {
  return serverFile({
    'server.ts': `${code}
      export default {
        guest: 'server',
        about: { name: 'test' },
        listen: ({ port, folder }: { port: number; folder: string }) => {
          listen(port, folder)
          return { dump: () => [] }
        },
      }`,
  })
}

/** Code of a server that answers each request with what the function `answer` returns. */
export const answering = (answer: string, before = ''): string =>
  guestFile(`
    import { createServer } from 'node:http'
    ${before}
    const answer = ${answer}
    const listen = (port: number) =>
      createServer(async (request, response) => {
        try {
          response.end(JSON.stringify(await answer(request)))
        } catch (error) {
          response.writeHead(500).end(JSON.stringify({ error: String(error) }))
        }
      }).listen(port)`)
