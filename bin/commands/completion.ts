import { Argument, type Command } from 'commander';
import { helpEnd } from '../help.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'the shell to complete in').choices(shells))
    .addHelpText(
      'after',
      helpEnd(
        [
          '. <(loadtest completion bash)                        # in ~/.bashrc to keep it',
          '. <(loadtest completion zsh)                         # in ~/.zshrc, after compinit',
          'loadtest completion fish > ~/.config/fish/completions/loadtest.fish',
        ],
        ['pass', 'usage'],
      ),
    )
    .action(async (shell: (typeof shells)[number]) => {
      const { completionScript } = await import('../flow/completion.ts');
      process.stdout.write(completionScript(program, shell));
    });
}
