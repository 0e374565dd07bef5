import { it } from 'vitest'
import { wireContract } from './testing/contract.ts'

// A file of its own, so that both contracts are played side by side.
if (process.env.TOXIPROXY_BIN) await wireContract('wire, real Toxiproxy', 'binary')
else
  it.skip('world contract: wire, real Toxiproxy: set TOXIPROXY_BIN to a toxiproxy-server to run it')
