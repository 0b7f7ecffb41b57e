import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

/** Bytes read at once; several reads follow each other while there is more. */
const READ_BYTES = 1 << 18;

/** Reads on in a file that another process is writing. */
export interface LogFollower {
  /** The whole lines that have come since the last call, without their ends; none while the file is not there. */
  readonly read: () => Promise<string[]>;
  readonly close: () => Promise<void>;
}

/** Follows the log at `path` from its beginning. Calls of `read` must not overlap. */
export function followLog(path: string): LogFollower {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(READ_BYTES);
  let file: FileHandle | null = null;
  let position = 0;
  let rest = '';
  return {
    read: async () => {
      file ??= await openIfThere(path);
      if (file === null) return [];
      let text = rest;
      for (;;) {
        const { bytesRead } = await file.read(buffer, 0, READ_BYTES, position);
        position += bytesRead;
        text += decoder.write(buffer.subarray(0, bytesRead));
        if (bytesRead < READ_BYTES) break;
      }
      const lines = text.split('\n');
      rest = lines.pop() ?? '';
      return lines;
    },
    close: async () => file?.close(),
  };
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
