import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realBinary, type ServerUnderTest, startOurs, startReal } from './testing/servers.ts'
import { transcript } from './testing/transcript.ts'

const binary = realBinary()
if (!binary) {
  const loud =
    'NOT COMPARED with the real Toxiproxy: set TOXIPROXY_BIN, or put toxiproxy-server on the PATH'
  if (process.env.CI) throw new Error(loud)
  console.warn(loud)
}

const servers: [string, () => Promise<ServerUnderTest>][] = [['embedded', startOurs]]
if (binary) servers.push(['real', () => startReal(binary)])

describe.each(servers)('the %s Toxiproxy', (_, start) => {
  let server: ServerUnderTest
  beforeAll(async () => {
    server = await start()
  })
  afterAll(() => server.close())

  // Recorded from the real server. Where it is at hand, it is held to the same file.
  it('answers every call as recorded', async () => {
    await expect(await transcript(server.url)).toMatchFileSnapshot('testing/transcript.txt')
  })
})
