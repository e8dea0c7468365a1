/**
 * What git did to the files, as the command that people know (`git checkout main`), from a line of the reflog of HEAD (the
 * file `logs/HEAD`, see git-reflog(1): `<old> <new> <who> <time> <zone>\t<message>`). Undefined for what leaves the files
 * alone, as a commit does.
 */
export function gitMoment(line: string): string | undefined {
  const message = line.slice(line.indexOf('\t') + 1);
  const [, action = '', rest = ''] = /^([^:]*):? ?(.*)$/.exec(message) ?? [];
  const [verb = '', object = ''] = action.split(' ');
  switch (verb) {
    case 'checkout':
    case 'reset':
      return command(verb, /\bto (\S+)$/.exec(rest)?.[1]);
    case 'rebase':
      return command(verb, /^checkout (\S+)$/.exec(rest)?.[1]);
    case 'merge':
      return command(verb, object);
    // A pull may name an address, and that a password.
    case 'pull':
    case 'cherry-pick':
    case 'revert':
    case 'am':
      return command(verb);
    default:
      return undefined;
  }
}

/** The first thing that git did to the files in these lines of its reflog. */
export function firstGitMoment(lines: string): string | undefined {
  return lines
    .split('\n')
    .map(gitMoment)
    .find((moment) => moment !== undefined);
}

function command(verb: string, object = ''): string {
  const short = /^[0-9a-f]{40,64}$/.test(object) ? object.slice(0, 8) : object;
  return `git ${verb} ${short}`.trimEnd();
}
