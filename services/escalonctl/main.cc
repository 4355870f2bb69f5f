#include "services/escalonctl/cli/program.h"

int main(int argc, char** argv) { return escalon::escalonctl::RunMain(argc, argv); }
