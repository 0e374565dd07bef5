import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realBinary, type ServerUnderTest, startOurs, startReal } from './testing/servers.ts'
import { transcript } from './testing/transcript.ts'

const binary = realBinary()
if (!binary) {
  const warning =
    'NOT COMPARED with the real Toxiproxy: set TOXIPROXY_BIN, or put toxiproxy-server on the PATH'
  if (process.env.CI) throw new Error(warning)
  console.warn(warning)
}

const servers: [string, () => Promise<ServerUnderTest>][] = [['embedded', startOurs]]
if (binary) servers.push(['real', () => startReal(binary)])

describe.each(servers)('%s Toxiproxy', (_, start) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  // Recorded from the real server, which is compared with the same file if it is installed.
  it('the API responds to every call as the real Toxiproxy did when it was recorded', async () => {
    await expect(await transcript(server.url)).toMatchFileSnapshot('testing/transcript.txt')
  })
})
