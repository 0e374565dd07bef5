import { httpFaultsContract } from './http-faults.contract.ts'
import worker from './interview/worker/index.ts'
import plain from './plain/index.ts'
import reference from './reference/index.ts'

httpFaultsContract(reference, { hasDeadline: true })
httpFaultsContract(plain, { hasDeadline: true })
httpFaultsContract(worker, { hasDeadline: false })
