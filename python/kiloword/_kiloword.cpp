// Python's view of the C interface: kiloword/__init__.py makes dictionaries and keywords of it.
#include <kiloword/engine/c_api.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <vector>

namespace py = pybind11;

namespace {

using Floats = py::array_t<float>;
using Texts = std::vector<std::string>;

/// `texts` as C has them, for as long as they live.
std::vector<const char*> pointers(const Texts& texts) {
  std::vector<const char*> array;
  for (const std::string& text : texts) array.push_back(text.c_str());
  array.push_back(nullptr);
  return array;
}

struct Failure : std::runtime_error {
  Failure() : std::runtime_error(kw_last_error()), kind(kw_last_error_kind()) {}
  std::string kind;
};

std::string taken(char* text) {
  if (text == nullptr) throw Failure();
  const std::unique_ptr<char, decltype(&kw_free)> owned(text, kw_free);
  return owned.get();
}

class Engine {
 public:
  explicit Engine(const Texts& options) : engine_(nullptr, kw_close) {
    const py::gil_scoped_release others_run;
    engine_.reset(kw_open(pointers(options).data()));
    if (!engine_) throw Failure();
  }

  std::string caption_file(const std::string& path, const Texts& options) const {
    const py::gil_scoped_release others_run;
    return taken(kw_caption_file(engine_.get(), path.c_str(), pointers(options).data()));
  }
  std::string caption_bytes(const std::string& bytes, const Texts& options) const {
    const py::gil_scoped_release others_run;
    return taken(kw_caption_bytes(engine_.get(), bytes.data(), bytes.size(), pointers(options).data()));
  }
  std::string describe_file(const std::string& path, const Texts& options) const {
    const py::gil_scoped_release others_run;
    return taken(kw_describe_file(engine_.get(), path.c_str(), pointers(options).data()));
  }
  std::string describe_bytes(const std::string& bytes, const Texts& options) const {
    const py::gil_scoped_release others_run;
    return taken(kw_describe_bytes(engine_.get(), bytes.data(), bytes.size(), pointers(options).data()));
  }

  size_t embedding_dim() const { return kw_embedding_dim(engine_.get()); }

  Floats embed_image_file(const std::string& path) const {
    return filled(1, [&](float* values) { return kw_embed_image_file(engine_.get(), path.c_str(), values); })
        .reshape({-1});
  }
  Floats embed_image_bytes(const std::string& bytes) const {
    return filled(1,
                  [&](float* values) {
                    return kw_embed_image_bytes(engine_.get(), bytes.data(), bytes.size(), values);
                  })
        .reshape({-1});
  }
  Floats embed_texts(const Texts& texts) const {
    const std::vector<const char*> array = pointers(texts);
    return filled(texts.size(), [&](float* values) {
      return kw_embed_texts(engine_.get(), array.data(), texts.size(), values);
    });
  }

 private:
  /// [rows, D], which `fill` writes while other Python threads run.
  template <typename Fill>
  Floats filled(size_t rows, Fill fill) const {
    Floats array({rows, embedding_dim()});
    float* values = array.mutable_data();
    bool good = false;
    {
      const py::gil_scoped_release others_run;
      good = rows == 0 || fill(values) == 1;
    }
    if (!good) throw Failure();
    return array;
  }

  std::unique_ptr<kw_engine, decltype(&kw_close)> engine_;
};

}  // namespace

PYBIND11_MODULE(_kiloword, module) {
  module.attr("__version__") = kw_version();
  static const py::object error = py::module_::import("kiloword._error").attr("Error");
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const Failure& failure) {
      const py::object made = error(failure.what(), failure.kind);
      PyErr_SetObject(error.ptr(), made.ptr());
    }
  });
  py::class_<Engine>(module, "Engine")
      .def(py::init<const Texts&>())
      .def("caption_file", &Engine::caption_file)
      .def("caption_bytes", &Engine::caption_bytes)
      .def("describe_file", &Engine::describe_file)
      .def("describe_bytes", &Engine::describe_bytes)
      .def("embedding_dim", &Engine::embedding_dim)
      .def("embed_image_file", &Engine::embed_image_file)
      .def("embed_image_bytes", &Engine::embed_image_bytes)
      .def("embed_texts", &Engine::embed_texts);
}
