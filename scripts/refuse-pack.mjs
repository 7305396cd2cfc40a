// npm pack in packages/cli would ask for packages that no registry has.
process.stderr.write("✗ farthing is packed from the repository, with all that it is made of: npm run pack\n");
process.exitCode = 1;
