#pragma once

#include <string>

#include "common/core/result.h"

namespace escalon::test {

/// PEM files of one certificate.
struct CertificateFiles {
  std::string certificate, key, authority;
};

/// A key and a certificate for 127.0.0.1, good for an hour, that is its own authority. Written into `folder`.
Result<CertificateFiles> WriteCertificate(const std::string& folder);

}  // namespace escalon::test
