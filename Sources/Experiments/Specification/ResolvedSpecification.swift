extension ExperimentSpecification {
    /// The same with every value written out that follows from others: layers from the backbone's depth, the embedding's
    /// width from the backbone's, the crop from its picture.
    func resolved(backbone summary: BackboneSummary?) -> ExperimentSpecification {
        var result = self
        if let backbone, backbone.weights == nil {
            switch backbone.name {
            case "vit-nano": result.backbone?.weights = "far"
            case "vit": result.backbone?.weights = "random"
            default: break
            }
        }
        result.optimizer.headRate = optimizer.headRate ?? optimizer.rate
        let kind = augmentation.resolvedKind(for: data)
        result.augmentation.kind = kind
        result.lora?.alpha = lora.map { $0.alpha ?? Double($0.rank) }
        if let summary {
            if backbone?.name == "vit" {
                result.backbone?.shape = BackboneSpecification.Shape(
                    image: summary.image, patch: summary.patch, dim: summary.width, depth: summary.depth, heads: summary.heads,
                    mlpRatio: summary.mlpRatio, activation: summary.activation)
            } else if backbone?.name != "vit-nano" {
                result.backbone?.shape = BackboneSpecification.Shape(image: summary.image)
            }
            if prompts.isOn, prompts.placement == .deep { result.prompts.layers = prompts.layers ?? summary.depth }
            result.adapter?.layers = adapter?.layers ?? summary.depth
            result.lora?.layers = lora?.layers ?? summary.depth
            if proxies.hasClassPrompts { result.proxies.layers = proxies.layers ?? summary.depth }
            if head.kind == .linear { result.head.dim = head.embeddingWidth(backbone: summary.width) }
            if kind != .none {
                let crop = augmentation.crop ?? summary.image
                result.augmentation.crop = crop
                result.augmentation.resize = augmentation.resize ?? AugmentationSpecification.resize(forCrop: crop)
            }
        }
        return result
    }
}

extension Experiment {
    /// The specification with every value written out, as far as the loaded backbone says them. The length of the
    /// schedule stays open: `train` says it.
    public var resolvedSpecification: ExperimentSpecification {
        var result = specification.resolved(backbone: backboneSummary)
        result.threads = threads
        result.precision = specification.precision ?? .standard
        return result
    }

    /// The same for the training that the specification asks for. Two that are equal train to the same bytes.
    var resolvedForTraining: ExperimentSpecification {
        var result = resolvedSpecification
        if result.schedule.kind == .cosine || result.schedule.kind == .linear {
            result.schedule.epochs = result.schedule.length(training: result.training.epochs)
        }
        return result
    }
}
