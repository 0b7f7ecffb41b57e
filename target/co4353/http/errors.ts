/** One entry of the error format; `field` only where a field of the request is to blame. */
export interface ErrorNote {
  readonly message: string;
  readonly field?: string;
}

/** A refusal that the shop means, as against an exception that nobody expected. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: readonly ErrorNote[];

  constructor(status: number, errors: readonly ErrorNote[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.status = status;
    this.errors = errors;
  }
}

export const badRequest = (message: string) => new Refusal(400, [{ message }]);
export const notFound = () => new Refusal(404, [{ message: 'Not Found' }]);
export const notAuthorized = () => new Refusal(401, [{ message: 'Not authorized' }]);
