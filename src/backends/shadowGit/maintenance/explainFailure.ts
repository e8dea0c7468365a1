import { CheckpointError } from '../../../core/error.ts';
import { errorCode } from '../../../platform/atomicFile.ts';
import { failureText } from '../../../platform/failureText.ts';

/** Runs an operation on the store; what the system or git says about a full or protected disk becomes an error of ours. */
export async function explainingFailures<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw explained(error);
  }
}

function explained(error: unknown): unknown {
  const stderr = error instanceof CheckpointError ? error.details['stderr'] : undefined;
  const isFull = typeof stderr === 'string' && stderr.includes('No space left on device');
  switch (isFull ? 'ENOSPC' : errorCode(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new CheckpointError('commandFailed', 'There is no space left on the disk that holds the checkpoints.', {
        hint: 'Free some space and try again. Nothing that was kept before is lost.',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new CheckpointError('noPermission', `The checkpoints cannot be written: ${failureText(error)}`, {
        cause: error,
      });
    default:
      return error;
  }
}
