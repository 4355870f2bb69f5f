#pragma once

#include <string_view>

namespace escalon::intake {

/// docs/openapi.yaml as of the build: what HttpGateway serves.
std::string_view OpenApiDocument();

}  // namespace escalon::intake
