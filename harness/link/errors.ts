/** An error of Toxiproxy's API: its HTTP status and text. */
export class ToxicError extends Error {
  override readonly name = 'ToxicError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export const invalidStream = () =>
  new ToxicError(400, 'stream was invalid, can be either upstream or downstream')
export const invalidType = () => new ToxicError(400, 'invalid toxic type')
export const toxicExists = () => new ToxicError(409, 'toxic already exists')
export const toxicNotFound = () => new ToxicError(404, 'toxic not found')
export const badBody = (reason: string) => new ToxicError(400, `bad request body: ${reason}`)
