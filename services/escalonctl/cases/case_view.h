#pragma once

#include <nlohmann/json_fwd.hpp>

#include "services/escalonctl/output/printer.h"

namespace escalon::escalonctl {

/// Cases (PublicCase as JSON) for people.
void PrintCase(Printer& printer, const Json& c);
void PrintCases(Printer& printer, const Json& cases);

}  // namespace escalon::escalonctl
