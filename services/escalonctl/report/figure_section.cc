#include "services/escalonctl/report/figure_section.h"

#include "services/escalonctl/report/report_command.h"
#include "services/escalonctl/simulate/simulate_command.h"

namespace escalon::escalonctl {

CommandSection FigureSection() {
  CommandSection out{.title = "Figures"};
  out.commands = {SimulateCommand(), ReportCommand()};
  return out;
}

}  // namespace escalon::escalonctl
