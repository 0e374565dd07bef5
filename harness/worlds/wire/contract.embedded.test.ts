import { wireContract } from './testing/contract.ts'

await wireContract('wire, embedded Toxiproxy', 'embedded')
